/** Addresses that lead to no host of the public internet: this machine, its network, and what is set aside for other uses. */
import { Option } from "effect"
import { IpNetwork, NetAddress } from "effect/net"

const networks = (what: string, ...texts: ReadonlyArray<string>) =>
  texts.map((text) => ({ what, network: IpNetwork.fromStringUnsafe(text) }))

/**
 * The special-purpose registries of IANA (RFC 6890, 8190), multicast, and what is reserved. Deliberately more than what is not
 * globally reachable: nobody who receives webhooks stands behind an address for documentation or a relay of 6to4.
 */
const special = [
  ...networks("this host", "0.0.0.0/8", "::/128"),
  ...networks("loopback", "127.0.0.0/8", "::1/128"),
  ...networks("a private network", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
  // cloud metadata answers at 169.254.169.254, fd00:ec2::254 and 100.100.100.200: all three lie in ranges named here
  ...networks("link-local", "169.254.0.0/16", "fe80::/10"),
  ...networks("shared by a carrier", "100.64.0.0/10"),
  ...networks(
    "for protocols",
    "192.0.0.0/24",
    "192.88.99.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.175.48.0/24"
  ),
  ...networks("for protocols", "2001::/23", "2620:4f:8000::/48", "5f00::/16"),
  ...networks("for documentation", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"),
  ...networks("for benchmarks", "198.18.0.0/15"),
  ...networks("multicast", "224.0.0.0/4", "ff00::/8"),
  ...networks("reserved", "240.0.0.0/4", "100::/64", "100:0:0:1::/64"),
  // each holds an address of IPv4, which may be any of the above
  ...networks(
    "an address of IPv4 in another form",
    "::/96",
    "::ffff:0:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2002::/16"
  ),
  // the one that lies among public addresses
  ...networks("metadata of a cloud", "168.63.129.16/32")
]

/** An address as text, one of IPv4 that is mapped into IPv6 as that of IPv4; none of what is no address. */
export const addressOf = (text: string): Option.Option<NetAddress.IpAddress> => {
  const unscoped = text.replace(/^\[|\]$/g, "").replace(/%.*$/, "")
  const parsed = NetAddress.ipFromString(unscoped)
  return parsed._tag === "Success" ? Option.some(NetAddress.toCanonical(parsed.success)) : Option.none()
}

/** The only part of IPv6 from which addresses of the public internet are given out. */
const globalUnicast = IpNetwork.fromStringUnsafe("2000::/3")

/** What the address is set aside for; none of one of the public internet. */
export const specialUse = (address: NetAddress.IpAddress): Option.Option<string> => {
  const found = special.find(({ network }) => IpNetwork.contains(network, address))
  if (found !== undefined) return Option.some(found.what)
  return NetAddress.isIpv6Address(address) && !IpNetwork.contains(globalUnicast, address)
    ? Option.some("reserved")
    : Option.none()
}
