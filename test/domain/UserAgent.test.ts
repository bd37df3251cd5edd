import { assert, describe, it } from "@effect/vitest"
import { userAgentText } from "../../src/domain/UserAgent.ts"

const said: { readonly [text: string]: string } = {
  "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0": "Firefox on Linux",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":
    "Chrome on Windows",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":
    "Edge on Windows",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15":
    "Safari on macOS",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 CriOS/142.0 Mobile/15E148 Safari/604.1":
    "Chrome on iOS",
  "curl/8.5.0": "curl/8.5.0",
  "": "an unknown browser",
  "\u001b[31mred": "[31mred"
}

describe("domain/UserAgent", () => {
  it("tells a person which browser it is", () => {
    for (const [header, text] of Object.entries(said)) assert.strictEqual(userAgentText(header), text)
  })

  it("says little of what it does not know", () => {
    assert.lengthOf(userAgentText("x".repeat(500)), 60)
    assert.strictEqual(userAgentText(undefined), "an unknown browser")
  })
})
