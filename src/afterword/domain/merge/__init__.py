"""Three-way merge of the plan with what the user changed in the calendar."""
