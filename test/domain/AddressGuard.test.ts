import { assert, describe, it } from "@effect/vitest"
import { Option, Result } from "effect"
import { isAllowance, make } from "../../src/domain/AddressGuard.ts"

/** Hosts as they may stand in an address of the web, none of which is of the public internet. */
const refused = [
  // this host, and loopback in every form that a parser takes
  ..."0.0.0.0 0 0.1 0.255.255.255 127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1"
    .split(" "),
  ..."017700000001 0177.0.0.1 0177.1 127.0.0.1. 127.0.00000.1 0x7F.0X0.1 [::1] [0:0:0:0:0:0:0:1] [::0001] [::]".split(
    " "
  ),
  ..."[0000:0000:0000:0000:0000:0000:0000:0000]".split(" "),
  // networks at home
  ..."10.0.0.0 10.0.0.1 10.255.255.255 0x0a000001 167772161 012.0.0.1 172.16.0.1 172.31.255.255 2886729729".split(" "),
  ..."192.168.0.0 192.168.1.1 192.168.255.255 0xc0a80101 3232235777 0300.0250.1.1".split(" "),
  ..."[fc00::] [fc00::1] [fd00::1] [fd12:3456:789a::1] [fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [fec0::1]".split(" "),
  // link-local, and the metadata of clouds
  ..."169.254.0.1 169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.170.2 169.254.255.255".split(" "),
  ..."[fe80::1] [fe80::ffff:ffff:ffff:ffff] [febf::1] [fd00:ec2::254] 100.100.100.200 168.63.129.16 192.0.0.192".split(
    " "
  ),
  // carriers, protocols, documentation, benchmarks
  ..."100.64.0.0 100.64.0.1 100.127.255.255 192.0.0.0 192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.31.196.1".split(
    " "
  ),
  ..."192.52.193.1 192.88.99.1 192.175.48.1 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1 203.0.113.255".split(
    " "
  ),
  // multicast and reserved
  ..."224.0.0.1 224.0.0.251 239.255.255.250 239.255.255.255 240.0.0.1 247.1.2.3 255.255.255.254 255.255.255.255".split(
    " "
  ),
  ..."0xffffffff 4294967295 [ff00::] [ff02::1] [ff02::fb] [ff0e::1] [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]".split(
    " "
  ),
  ..."[100::1] [100:0:0:1::1] [2001:db8::1] [2001:db8:ffff::] [2001::1] [2001:10::1] [2001:20::1] [2001:2::1]".split(
    " "
  ),
  ..."[2620:4f:8000::1] [3fff::1] [3fff:fff::1] [5f00::1] [400::1] [1fff::1] [4000::1] [8000::1] [c000::1] [e000::1]"
    .split(" "),
  // addresses of IPv4 in the clothes of IPv6
  ..."[::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:a00:1] [::ffff:192.168.1.1] [::ffff:0.0.0.0]".split(
    " "
  ),
  ..."[::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:100.64.0.1] [::ffff:255.255.255.255] [::127.0.0.1]".split(
    " "
  ),
  ..."[::10.0.0.1] [::169.254.169.254] [::ffff:0:127.0.0.1] [::ffff:0:a9fe:a9fe] [64:ff9b::127.0.0.1]".split(" "),
  ..."[64:ff9b::a9fe:a9fe] [64:ff9b::8.8.8.8] [64:ff9b:1::1] [2002:7f00:1::] [2002:a9fe:a9fe::1] [2002:c0a8:101::]"
    .split(" ")
]

const open = [
  ..."1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1".split(
    " "
  ),
  ..."169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.0.1".split(
    " "
  ),
  ..."198.20.0.1 223.255.255.255 134744072 0x08080808 [2606:4700:4700::1111] [2a00:1450:4001::1] [2600::] [3000::1]"
    .split(" "),
  ..."[::ffff:8.8.8.8] [2001:4860:4860::8888]".split(" ")
]

const refusalOf = (host: string, allowed: ReadonlyArray<string> = []) =>
  make(allowed).refusal(new URL(`http://${host}/hook`))

describe("which addresses may be called", () => {
  it(`none of ${refused.length} that are not of the public internet, in whatever form`, () => {
    assert.isAtLeast(new Set(refused).size, 120)
    for (const host of refused) assert.isTrue(Option.isSome(refusalOf(host)), host)
  })

  it("those of the public internet, also right beside the others", () => {
    for (const host of open) assert.deepStrictEqual(refusalOf(host), Option.none(), host)
  })

  it("those of a name by what it leads to, of several the ones that are open", () => {
    const { permitted } = make([])
    assert.deepStrictEqual(permitted("a.example", ["8.8.8.8", "10.0.0.1", "::1"]), Result.succeed(["8.8.8.8"]))
    const { message } = Option.getOrThrow(Result.getFailure(permitted("a.example", ["127.0.0.1"])))
    assert.strictEqual(
      message,
      "a.example is 127.0.0.1, which is not of the public internet (loopback), and is not called"
    )
    assert.isTrue(Result.isFailure(permitted("a.example", [])))
    assert.isTrue(Result.isFailure(permitted("a.example", ["fe80::1%eth0", "nonsense"])))
  })

  it("what the config allows: an address, a network, a name with all that it leads to", () => {
    assert.isTrue(Option.isNone(refusalOf("127.0.0.1", ["127.0.0.1"])))
    assert.isTrue(Option.isSome(refusalOf("127.0.0.2", ["127.0.0.1"])))
    assert.isTrue(Option.isNone(refusalOf("2130706433", ["127.0.0.0/8"])))
    assert.isTrue(Option.isNone(refusalOf("[::ffff:192.168.1.9]", ["192.168.1.0/24"])))
    assert.isTrue(Option.isSome(refusalOf("192.168.2.9", ["192.168.1.0/24"])))
    assert.isTrue(Option.isNone(refusalOf("[fd00::9]", ["fd00::/8"])))
    const { permitted } = make(["nas.lan"])
    assert.deepStrictEqual(permitted("NAS.lan.", ["10.0.0.1"]), Result.succeed(["10.0.0.1"]))
    assert.isTrue(Result.isFailure(permitted("evil.nas.lan", ["10.0.0.1"])))
  })

  it("nothing with another scheme, or with a user", () => {
    for (const url of ["ftp://a.example/", "file:///etc/passwd", "http://me@a.example/", "http://:pass@a.example/"]) {
      assert.isTrue(Option.isSome(make([]).refusal(new URL(url))), url)
    }
  })

  it("and says of an allowance whether it is one", () => {
    for (const text of ["nas.lan", "nas", "127.0.0.1", "192.168.0.0/16", "fd00::/8", "::1"]) {
      assert.isTrue(isAllowance(text))
    }
    for (const text of ["", "*", "*.lan", "http://nas.lan", "nas.lan:80", "192.168.1.0/33", "NAS", "a b"]) {
      assert.isFalse(isAllowance(text), text)
    }
  })
})
