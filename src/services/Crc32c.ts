/** CRC-32 by Castagnoli's polynomial, by which RocksDB guards its logs and its large values. */

/** The polynomial, reflected. */
const polynomial = 0x82f63b78

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ polynomial : crc >>> 1
  return crc >>> 0
})

export const crc32c = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (const byte of bytes) crc = crc >>> 8 ^ (table[(crc ^ byte) & 0xff] ?? 0)
  return (crc ^ 0xffffffff) >>> 0
}

const addend = 0xa282ead8

/** Checksums are stored so, since that of data with a checksum in it says little. */
export const masked = (crc: number): number => ((crc >>> 15 | crc << 17) + addend) >>> 0

/** What was masked. */
export const unmasked = (stored: number): number => {
  const turned = (stored - addend) >>> 0
  return (turned >>> 17 | turned << 15) >>> 0
}

/**
 * Whether two checksums differ as those of the same bytes do of which one bit is flipped; so many bytes. A checksum is linear:
 * the difference depends on the place of the bit alone.
 */
export const differByABit = (one: number, other: number, length: number): boolean => {
  const difference = (one ^ other) >>> 0
  for (let bit = 0; bit < 8; bit++) {
    let pattern = table[1 << bit] ?? 0
    // the bit stands in the last byte, then in the one before it
    for (let after = 0; after < length; after++) {
      if (pattern >>> 0 === difference) return true
      pattern = pattern >>> 8 ^ (table[pattern & 0xff] ?? 0)
    }
  }
  return false
}
