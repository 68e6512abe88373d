// PKWARE APPNOTE.TXT 6.3.10, section 4.3: the records' signatures and the bytes of their fixed parts
export const LOCAL = { signature: 0x04034b50, bytes: 30 }
export const CENTRAL = { signature: 0x02014b50, bytes: 46 }
export const END = { signature: 0x06054b50, bytes: 22 }

/** A size or offset of this value is in a zip64 field instead; no record without one reaches it. */
export const ZIP64 = 0xffffffff

/** The format's own limit is 65534. */
export const MAX_ENTRIES = 10_000
