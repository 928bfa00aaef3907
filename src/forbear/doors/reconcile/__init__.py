"""`forbear reconcile`: a person's own log beside the lender's."""
