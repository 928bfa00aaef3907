"""What is proven: findings, the sentences that say them, and the tables that weigh them."""
