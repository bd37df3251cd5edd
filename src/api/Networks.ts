/** By what a stranger is known. */
import { Option } from "effect"

/** An address; of IPv6 the network, since each of its hosts has any number of addresses. */
export const networkOf = (address: Option.Option<string>): string =>
  Option.match(address, {
    onNone: () => "nowhere",
    onSome: (text) => {
      const plain = text.replace(/^::ffff:(?=\d+\.)/i, "")
      return plain.includes(":") ? plain.split("::")[0]?.split(":").slice(0, 4).join(":") ?? plain : plain
    }
  })
