-- One row a timeline, with all that a decision reads; the ledger, one row an entry of a chain; and who may ask.
CREATE TABLE line (id BIGINT PRIMARY KEY, version BIGINT NOT NULL, moved BIGINT, body BYTEA NOT NULL);
CREATE SEQUENCE line_id;
CREATE TABLE node (name TEXT COLLATE "C" PRIMARY KEY, line BIGINT NOT NULL);
CREATE TABLE record (chain TEXT COLLATE "C", seq BIGINT, epoch BIGINT NOT NULL, body BYTEA NOT NULL, hash BYTEA NOT NULL, PRIMARY KEY (chain, seq));
CREATE INDEX record_epoch ON record (epoch);
CREATE TABLE checkpoint (epoch BIGINT PRIMARY KEY, body BYTEA NOT NULL);
CREATE TABLE answered (asker TEXT, name TEXT, digest BYTEA NOT NULL, answer BYTEA NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (asker, name));
CREATE TABLE api_key (id TEXT PRIMARY KEY, secret_hash BYTEA NOT NULL, agency TEXT NOT NULL, agency_kind TEXT NOT NULL, roles TEXT NOT NULL, per_minute BIGINT NOT NULL, created BIGINT NOT NULL, revoked BIGINT);
CREATE TABLE signed_by (id INTEGER PRIMARY KEY, public_key BYTEA NOT NULL);
