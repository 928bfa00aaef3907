-- One row a timeline, with all that a decision reads; the ledger, one row an entry of a chain; and who may ask.
CREATE TABLE line (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, moved INTEGER, body BLOB NOT NULL);
CREATE TABLE node (name TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE record (chain TEXT, seq INTEGER, epoch INTEGER NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (chain, seq)) WITHOUT ROWID;
CREATE INDEX record_epoch ON record (epoch);
CREATE TABLE checkpoint (epoch INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE answered (asker TEXT, name TEXT, digest BLOB NOT NULL, answer BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (asker, name)) WITHOUT ROWID;
CREATE TABLE api_key (id TEXT PRIMARY KEY, secret_hash BLOB NOT NULL, agency TEXT NOT NULL, agency_kind TEXT NOT NULL, roles TEXT NOT NULL, per_minute INTEGER NOT NULL, created INTEGER NOT NULL, revoked INTEGER) WITHOUT ROWID;
CREATE TABLE signed_by (id INTEGER PRIMARY KEY, public_key BLOB NOT NULL);
