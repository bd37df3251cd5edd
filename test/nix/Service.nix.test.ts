/** services.glider: what its options come to as a unit, and which it refuses. */
import { afterAll, assert, describe, it } from "@effect/vitest"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { variables } from "../../src/config/Settings.ts"
import { rowsBelow } from "../docs/Repository.ts"
import { absent, Checkout, extended, refusal, root } from "./support/Nix.ts"

const flake = new Checkout()
afterAll(() => flake.remove())

/** Something of the example, with more said of Glider. */
const of = (settings: string, what: string): unknown =>
  flake.value("nixosConfigurations.example", `example: let config = ${extended(settings)}; in ${what}`)

/** What a directive comes to: systemd takes a list in one line or in several, and yes for true. */
const words = (value: unknown): ReadonlyArray<string> =>
  (Array.isArray(value) ? value : [value]).flatMap((each) =>
    String(each).replace(/^(yes|on)$/, "true").replace(/^(no|off)$/, "false").split(/\s+/)
  ).filter((word) => word !== "").toSorted()

const unitFile = join(root, "packaging/systemd/glider.service")

describe.skipIf(absent)("the service", () => {
  it("is one that tells when it is ready and alive, and is not begun again after mistakes that only a person mends", () => {
    const unit = of("{ }", "config.systemd.services.glider.serviceConfig")
    assert.deepInclude(unit, {
      Type: "notify",
      NotifyAccess: "all",
      RestartPreventExitStatus: "2 3",
      DynamicUser: true,
      StateDirectory: "glider",
      LoadCredential: ["google", "spotify"].flatMap((provider) =>
        ["id", "secret"].map((part) => `${provider}-client-${part}:/run/secrets/${provider}-client-${part}`)
      )
    })
    assert.containsAllKeys(unit, ["WatchdogSec"])
  })

  it.skipIf(!existsSync(unitFile))("is held as tightly as by the unit for other systems, and in the same words", () => {
    const text = readFileSync(unitFile, "utf8").replaceAll("\\\n", " ")
    // places and secrets are given otherwise there
    const own = /^(Exec|Environment|LoadCredential|ConfigurationDirectory)/
    const theirs: Record<string, ReadonlyArray<string>> = {}
    for (const [, name = "", value = ""] of text.split("[Service]")[1]?.matchAll(/^(\w+)=(.*)$/gm) ?? []) {
      if (!own.test(name) && name !== "WantedBy") theirs[name] = [...theirs[name] ?? [], ...words(value)].toSorted()
    }
    const unit = Object(of("{ }", "config.systemd.services.glider"))
    const ours = Object.entries(Object(unit.serviceConfig)).filter(([name]) => !own.test(name))
    assert.deepStrictEqual(Object.fromEntries(ours.map(([name, value]) => [name, words(value)])), theirs)
    for (const [name, value] of Object.entries(unit.unitConfig)) assert.include(text, `\n${name}=${value}\n`)
  })

  it("listens on this machine alone, behind a closed port, unless told otherwise", () => {
    const told =
      "{ inherit (config.networking.firewall) allowedTCPPorts; inherit (config.services.glider.settings) server; inherit (config) warnings; }"
    assert.deepStrictEqual(of("{ }", told), {
      allowedTCPPorts: [],
      server: { host: "127.0.0.1", port: 4747 },
      warnings: []
    })
    assert.deepStrictEqual(of("{ host = \"0.0.0.0\"; port = 80; openFirewall = true; }", told), {
      allowedTCPPorts: [80],
      server: { host: "0.0.0.0", port: 80 },
      warnings: []
    })
    assert.deepStrictEqual(of("{ settings.server.port = 81; openFirewall = true; }", told), {
      allowedTCPPorts: [81],
      server: { host: "127.0.0.1", port: 81 },
      warnings: [
        "services.glider.openFirewall opens a port on which nothing listens: services.glider.host is this machine's own."
      ]
    })
  })

  it("keeps its data where it is told, as a user who stays where systemd makes no folder", () => {
    const told =
      "{ inherit (config) users; inherit (config.systemd.tmpfiles) settings; unit = config.systemd.services.glider; }"
    const inState = Object(of("{ dataDir = \"/var/lib/mine\"; }", told))
    assert.deepStrictEqual(inState.users, { users: {}, groups: {} })
    assert.deepInclude(inState.unit.serviceConfig, { StateDirectory: "mine", DynamicUser: true })
    const elsewhere = Object(of("{ dataDir = \"/srv/glider\"; }", told))
    assert.containsAllKeys(elsewhere.users.users, ["glider"])
    assert.deepInclude(elsewhere.settings["10-glider"]["/srv/glider"].d, {
      user: "glider",
      group: "glider",
      mode: "0700"
    })
    assert.deepInclude(elsewhere.unit.serviceConfig, { User: "glider", ReadWritePaths: ["/srv/glider"] })
    assert.notProperty(elsewhere.unit.serviceConfig, "DynamicUser")
    assert.deepInclude(elsewhere.unit.environment, { GLIDER_DATA_DIR: "/srv/glider" })
    for (const folder of ["/home/me/glider", "/root", "glider", "/nix/var/glider"]) {
      assert.include(
        refusal(flake.example(`{ dataDir = "${folder}"; }`)),
        "services.glider.dataDir is an absolute path"
      )
    }
  })

  it("keeps its records in a SurrealDB elsewhere, and takes variables from a file", () => {
    assert.deepStrictEqual(of("{ storeUrl = \"wss://db.example\"; }", "config.services.glider.settings.store"), {
      url: "wss://db.example"
    })
    assert.deepInclude(
      of("{ environmentFile = \"/run/secrets/glider.env\"; }", "config.systemd.services.glider.serviceConfig"),
      { EnvironmentFile: "/run/secrets/glider.env" }
    )
  })

  it("gets as long to stop as its runs have to reach a safe point, and longer", () => {
    const stop = "config.systemd.services.glider.serviceConfig.TimeoutStopSec"
    assert.strictEqual(of("{ }", stop), 45)
    assert.strictEqual(of("{ settings.scheduler.grace_seconds = 120; }", stop), 135)
  })

  it("has the options that docs/nix.md tells of, and no others", () => {
    const rows = rowsBelow(readFileSync(join(root, "docs/nix.md"), "utf8"), "A machine of NixOS")
    const told = rows.flatMap(([cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name))
    const options = "example: builtins.attrNames example.options.services.glider"
    assert.deepStrictEqual(told.toSorted(), flake.value("nixosConfigurations.example", options))
  })

  it("is not there unless it is enabled", () => {
    const services = of("{ enable = example.pkgs.lib.mkForce false; }", "config.systemd.services")
    assert.deepStrictEqual(services, {})
  })
})

describe.skipIf(absent)("secrets", () => {
  it("are credentials under the names that Glider looks for, all of them and no others", () => {
    const names = Object.entries(variables).flatMap(([name, { secret }]) =>
      // what the command line shows to a server is none of the service's
      secret && name !== "GLIDER_TOKEN" ? [name.toLowerCase().replaceAll("_", "-")] : []
    )
    const all = names.map((name) => `"${name}" = "/run/secrets/${name}";`).join(" ")
    const accepted = flake.example(`{ credentials = { ${all} }; }`)
    assert.isTrue(accepted.ok, accepted.said)
    const said = refusal(flake.example("{ credentials.google-client-scret = \"/run/secrets/google\"; }"))
    assert.include(said, "names that Glider does not look for: google-client-scret.")
    assert.include(said, `It looks for ${names.toSorted().join(", ")}.`)
  })

  it("are files outside of the Nix store", () => {
    const where = "absolute paths, outside of the Nix store"
    assert.include(refusal(flake.example("{ environmentFile = \"/nix/store/glider.env\"; }")), where)
    assert.include(refusal(flake.example("{ credentials.glider-key = \"glider-key\"; }")), where)
    // a path of Nix would be copied into the store
    assert.include(refusal(flake.example("{ credentials.glider-key = /run/glider-key; }")), "is not of type `string'")
  })

  it("are refused in the settings by their names and by their looks, and nothing else is", () => {
    const judge = (settings: ReadonlyArray<string>): unknown =>
      flake.value(
        "nixosConfigurations.example",
        `example: map (settings: let config = ${extended("{ inherit settings; }")}; in
          map (failed: builtins.head (builtins.match ".*\\\\((.*)\\\\).*" failed.message))
            (builtins.filter (each: !each.assertion) config.assertions)) [ ${settings.join(" ")} ]`
      )
    assert.deepStrictEqual(
      judge([
        "{ store.password = \"hunter2\"; }",
        "{ ai.api_key = \"0\"; }",
        "{ mcp.server.lyrics.accessToken = \"0\"; }",
        "{ store.pass = \"hunter2\"; }",
        "{ store.url = \"wss://root:hunter2@db.example\"; }",
        "{ mcp.server.lyrics.args = [ \"--key\" \"sk-0123456789abcdef0123\" ]; }",
        "{ schedule.nightly.input.header = \"Bearer 0123\"; }"
      ]),
      [
        ["store.password"],
        ["ai.api_key"],
        ["mcp.server.lyrics.accessToken"],
        ["store.pass"],
        ["store.url"],
        ["mcp.server.lyrics.args"],
        ["schedule.nightly.input.header"]
      ]
    )
    assert.deepStrictEqual(
      judge([
        "{ provider.google.token_url = \"https://oauth2.googleapis.com/token\"; }",
        "{ schedule.nightly.input.key = \"nightly\"; }",
        "{ mcp.server.lyrics = { command = \"lyrics-server\"; env = [ \"LYRICS_KEY\" ]; tools = [ \"find_lyrics\" ]; }; }",
        "{ store.url = \"rocksdb:///srv/glider/store\"; agents.max_turns = 10; }",
        "{ ai = { provider = \"openai\"; base_url = \"http://127.0.0.1:11434/v1\"; model = \"gpt-4o\"; }; }"
      ]),
      [[], [], [], [], []]
    )
  })
})
