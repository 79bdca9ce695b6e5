"""The merge of the plan with the changes of the user in the calendar."""
