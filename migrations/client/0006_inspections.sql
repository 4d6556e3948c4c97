-- What a paper is (sizes and names of its pages, as JSON), so that opening it reads only the page that
-- is shown. None until it has been read through, and for papers that ask for a password.
ALTER TABLE paper ADD COLUMN inspection TEXT;
