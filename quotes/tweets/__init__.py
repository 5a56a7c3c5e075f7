"""Tweets: archives of them, threads, whose words are whose in one, and those that an article embeds."""
