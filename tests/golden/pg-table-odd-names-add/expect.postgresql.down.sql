-- warning: drops table Order "Lines" and its rows
DROP TABLE "Order ""Lines""";
