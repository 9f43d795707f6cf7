"""Turn a shop's raw orders into daily figures: files in, cleaned and joined with pandas, tables and files out."""
