"""What a class needs: assignments, grading, a report of what was misunderstood."""
