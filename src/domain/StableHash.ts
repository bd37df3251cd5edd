/**
 * Where a text falls in [0, 1): evenly spread, and the same in every process and every release, so that decisions drawn
 * from it hold. FNV-1a over UTF-16 code units, finished as MurmurHash3 finishes; not for secrets.
 */
export const fraction = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
