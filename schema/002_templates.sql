-- A template of WhatsApp is sent by its parameters, not by its text: what its first attempt said is kept beside sent_text,
-- so that a later one says the same. Means nothing while sent_text is NULL.
ALTER TABLE messages ADD COLUMN sent_template TEXT;
