"""The pages: one file per subject. Nothing here looks at who asks."""
