/** Which hosts elsewhere may be called: those of the public internet, and what the config allows of the networks at home. */
import { Option, Result, Schema } from "effect"
import { IpNetwork, NetAddress } from "effect/net"
import { addressOf, specialUse } from "./SpecialAddresses.ts"

/** An address that must not be called from here, because it is none of the public internet. */
export class AddressRefused extends Schema.TaggedError<AddressRefused>()("AddressRefused", {
  host: Schema.String,
  message: Schema.String
}) {
  get fix(): string {
    return `when it is yours, name ${this.host} or its network in [network] allowed_private`
  }
}

/** What `[network] allowed_private` may hold: the name of a host, an address, or a network such as `192.168.1.0/24`. */
export const isAllowance = (text: string): boolean =>
  networkOf(text) !== undefined || /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(text)

const networkOf = (text: string): IpNetwork.IpNetwork | undefined => {
  const address = addressOf(text)
  if (Option.isSome(address)) return IpNetwork.fromAddressUnsafe(address.value, NetAddress.width(address.value))
  const parsed = IpNetwork.fromString(text)
  return parsed._tag === "Success" ? parsed.success : undefined
}

export interface AddressGuard {
  /** Of the addresses that a host has, those that may be called; it fails with why when that is none. */
  readonly permitted: (
    host: string,
    addresses: ReadonlyArray<string>
  ) => Result.Result<ReadonlyArray<string>, AddressRefused>
  /** Why an address of the web must not be called, as far as it says so itself; what its name leads to is seen later. */
  readonly refusal: (url: URL) => Option.Option<AddressRefused>
}

/** `[nas.lan]` and `nas.lan.` are the same host. */
const plainHost = (host: string): string => host.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase()

/** The guard that makes these exceptions. */
export const make = (allowed: ReadonlyArray<string>): AddressGuard => {
  const networks = allowed.flatMap((text) => networkOf(text) ?? [])
  const names = new Set(allowed.filter((text) => networkOf(text) === undefined))

  const isAllowed = (address: NetAddress.IpAddress): boolean =>
    networks.some((network) => IpNetwork.contains(network, address))

  const useOf = (text: string): Option.Option<string> => {
    const address = addressOf(text)
    if (Option.isNone(address)) return Option.some("no address")
    return isAllowed(address.value) ? Option.none() : specialUse(address.value)
  }

  const permitted: AddressGuard["permitted"] = (given, addresses) => {
    const host = plainHost(given)
    if (names.has(host)) return Result.succeed(addresses)
    const open = addresses.filter((address) => Option.isNone(useOf(address)))
    if (open.length > 0) return Result.succeed(open)
    const [first = host] = addresses
    const use = Option.getOrElse(useOf(first), () => "nothing")
    const subject = host === first ? first : `${host} is ${first}, which`
    return Result.fail(
      new AddressRefused({ host, message: `${subject} is not of the public internet (${use}), and is not called` })
    )
  }

  const refusal: AddressGuard["refusal"] = ({ hostname, password, protocol, username }) => {
    const host = plainHost(hostname)
    if (!/^https?:$/.test(protocol) || username !== "" || password !== "") {
      const message = "only http:// and https:// without user and password are called"
      return Option.some(new AddressRefused({ host, message }))
    }
    // the parser of addresses has brought 0x7f.1, 017700000001 and 2130706433 into their one form
    return Option.isNone(addressOf(host)) ? Option.none() : Result.getFailure(permitted(host, [host]))
  }

  return { permitted, refusal }
}
