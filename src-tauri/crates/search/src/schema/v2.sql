-- Row 2n holds the title of owner n; row 2n + 1 title and body, where there is a body: one query tells both.
DROP TABLE heads_index;
CREATE VIRTUAL TABLE heads_index USING fts5 (words, content = '', tokenize = 'ascii');
INSERT INTO heads_index (heads_index, rank) VALUES ('secure-delete', 1);
INSERT INTO heads_index (heads_index, rank) VALUES ('pgsz', 3900);
