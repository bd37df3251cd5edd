/**
 * The lower half of XXH3 (64 bits), by which the engine guards the blocks of its tables. On numbers of 32 bits where there is much to
 * do: a bigint for each product would take twenty times as long.
 */

const mask = (1n << 64n) - 1n
const prime32 = [0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const
const prime64 = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n
] as const
const mix = [0x165667919e3779f9n, 0x9fb21c651e98df25n] as const

const secret = Buffer.from(
  "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c" +
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364" +
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e",
  "hex"
)

const secretAt = (at: number): bigint => secret.readBigUInt64LE(at)

/** The product's 128 bits, folded to 64. */
const folded = (one: bigint, other: bigint): bigint => {
  const product = (one & mask) * (other & mask)
  return (product & mask) ^ (product >> 64n)
}

const avalanche = (value: bigint): bigint => {
  const first = ((value ^ (value >> 37n)) * mix[0]) & mask
  return first ^ (first >> 32n)
}

/** That of the older XXH64, which the shortest inputs keep. */
const avalanche64 = (value: bigint): bigint => {
  const first = ((value ^ (value >> 33n)) * prime64[1]) & mask
  const second = ((first ^ (first >> 29n)) * prime64[2]) & mask
  return second ^ (second >> 32n)
}

const swapped64 = (value: bigint): bigint => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value & mask)
  return bytes.readBigUInt64BE()
}

const rotated = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & mask

const short = (bytes: Buffer): bigint => {
  const { length } = bytes
  if (length === 0) return avalanche64(secretAt(56) ^ secretAt(64))
  if (length <= 3) {
    const [first = 0] = bytes
    const combined = (first << 16) | ((bytes[length >> 1] ?? 0) << 24) | (bytes[length - 1] ?? 0) | (length << 8)
    return avalanche64(BigInt(combined >>> 0) ^ BigInt((secret.readUInt32LE(0) ^ secret.readUInt32LE(4)) >>> 0))
  }
  if (length <= 8) {
    const input = (BigInt(bytes.readUInt32LE(0)) << 32n) + BigInt(bytes.readUInt32LE(length - 4))
    const keyed = input ^ secretAt(8) ^ secretAt(16)
    const turned = ((keyed ^ rotated(keyed, 49n) ^ rotated(keyed, 24n)) * mix[1]) & mask
    const grown = ((turned ^ ((turned >> 35n) + BigInt(length))) * mix[1]) & mask
    return grown ^ (grown >> 28n)
  }
  const low = bytes.readBigUInt64LE(0) ^ secretAt(24) ^ secretAt(32)
  const high = bytes.readBigUInt64LE(length - 8) ^ secretAt(40) ^ secretAt(48)
  return avalanche((BigInt(length) + swapped64(low) + high + folded(low, high)) & mask)
}

const mix16 = (bytes: Buffer, at: number, key: number): bigint =>
  folded(bytes.readBigUInt64LE(at) ^ secretAt(key), bytes.readBigUInt64LE(at + 8) ^ secretAt(key + 8))

const middle = (bytes: Buffer): bigint => {
  const { length } = bytes
  let sum = (BigInt(length) * prime64[0]) & mask
  if (length <= 128) {
    for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--) {
      sum += mix16(bytes, 16 * pair, 32 * pair) + mix16(bytes, length - 16 * (pair + 1), 32 * pair + 16)
    }
    return avalanche(sum & mask)
  }
  for (let at = 0; at < 8; at++) sum += mix16(bytes, 16 * at, 16 * at)
  sum = avalanche(sum & mask)
  for (let at = 8; at < Math.floor(length / 16); at++) sum += mix16(bytes, 16 * at, 16 * (at - 8) + 3)
  sum += mix16(bytes, length - 16, 136 - 17)
  return avalanche(sum & mask)
}

const scrambling = Number(prime32[0])

/** The words of the secret as numbers of 32 bits, from every byte on. */
const secretWords = Uint32Array.from({ length: secret.length - 3 }, (_, at) => secret.readUInt32LE(at))

const word = (words: Uint32Array, at: number): number => words[at] ?? 0

const add = (sums: Uint32Array, lane: number, low: number, high: number): void => {
  const sum = (word(sums, lane * 2) + low) >>> 0
  sums[lane * 2] = sum
  sums[lane * 2 + 1] = (word(sums, lane * 2 + 1) + high + (sum < low ? 1 : 0)) | 0
}

/** Adds the product of two words to a sum. In products of halves: those alone are integers to V8. */
const addProduct = (sums: Uint32Array, lane: number, a: number, b: number): void => {
  const low = Math.imul(a & 0xffff, b & 0xffff)
  const cross = Math.imul(a & 0xffff, b >>> 16)
  const crossed = Math.imul(a >>> 16, b & 0xffff)
  const middle = (low >>> 16) + (cross & 0xffff) + (crossed & 0xffff)
  const high = Math.imul(a >>> 16, b >>> 16) + (cross >>> 16) + (crossed >>> 16) + (middle >>> 16)
  add(sums, lane, ((low & 0xffff) | (middle << 16)) >>> 0, high | 0)
}

/** Adds a stripe of 64 bytes to the eight sums, each of which is two words. */
const accumulate = (sums: Uint32Array, view: DataView, at: number, key: number): void => {
  for (let lane = 0; lane < 8; lane++) {
    const low = view.getUint32(at + lane * 8, true)
    const high = view.getUint32(at + lane * 8 + 4, true)
    add(sums, lane ^ 1, low, high | 0)
    addProduct(sums, lane, low ^ word(secretWords, key + lane * 8), high ^ word(secretWords, key + lane * 8 + 4))
  }
}

const scramble = (sums: Uint32Array): void => {
  for (let lane = 0; lane < 8; lane++) {
    const high = word(sums, lane * 2 + 1)
    const low = word(sums, lane * 2) ^ (high >>> 15) ^ word(secretWords, 128 + lane * 8)
    sums[lane * 2] = 0
    sums[lane * 2 + 1] = Math.imul(high ^ word(secretWords, 132 + lane * 8), scrambling)
    addProduct(sums, lane, low, scrambling)
  }
}

const sumAt = (sums: Uint32Array, lane: number): bigint =>
  (BigInt(word(sums, lane * 2 + 1)) << 32n) | BigInt(word(sums, lane * 2))

const set = (sums: Uint32Array, lane: number, value: bigint): void => {
  sums[lane * 2] = Number(value & 0xffffffffn)
  sums[lane * 2 + 1] = Number(value >> 32n)
}

const beginning = [prime32[2], ...prime64.slice(0, 4), prime32[1], prime64[4], prime32[0]]

const long = (bytes: Buffer): bigint => {
  const { length } = bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sums = new Uint32Array(16)
  for (const [lane, value] of beginning.entries()) set(sums, lane, value)
  const blocks = Math.floor((length - 1) / 1024)
  for (let block = 0; block < blocks; block++) {
    for (let stripe = 0; stripe < 16; stripe++) accumulate(sums, view, block * 1024 + stripe * 64, stripe * 8)
    scramble(sums)
  }
  const stripes = Math.floor((length - 1 - blocks * 1024) / 64)
  for (let stripe = 0; stripe < stripes; stripe++) accumulate(sums, view, blocks * 1024 + stripe * 64, stripe * 8)
  accumulate(sums, view, length - 64, 121)
  let merged = (BigInt(length) * prime64[0]) & mask
  for (let pair = 0; pair < 4; pair++) {
    merged += folded(
      sumAt(sums, pair * 2) ^ secretAt(11 + pair * 16),
      sumAt(sums, pair * 2 + 1) ^ secretAt(19 + pair * 16)
    )
  }
  return avalanche(merged & mask)
}

/** The lower 32 bits of the hash. */
export const xxh3 = (bytes: Buffer): number => {
  const hash = bytes.length <= 16 ? short(bytes) : bytes.length <= 240 ? middle(bytes) : long(bytes)
  return Number(hash & 0xffffffffn)
}
