"""The audit door: `audit` leads, `judging` judges a part, `spread` does so on a cluster, `folder` keeps what is unfinished apart."""
