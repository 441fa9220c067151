SELECT * FROM "semi;colon ""quote' -- comment /* star"; SELECT * FROM kid;
