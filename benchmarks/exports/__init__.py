"""How fast exports of a telephone are read, beside a bare parse of the same file in the same run."""
