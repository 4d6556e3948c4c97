-- Devices that are shut out and shall empty themselves: who ordered it, signed, and whether they have.
CREATE TABLE wipe (
    device_no  INTEGER PRIMARY KEY REFERENCES device (device_no),
    -- The device that ordered it, its clock, and its signature over both and over council and device.
    by_device  BLOB NOT NULL CHECK (length(by_device) = 16),
    ordered_ms INTEGER NOT NULL,
    signature  BLOB NOT NULL CHECK (length(signature) = 64),
    taken_ms   INTEGER NOT NULL,
    emptied_ms INTEGER
) STRICT;
