import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { htmlText } from "../../src/domain/HtmlText.ts"

describe("the text of a description", () => {
  it("keeps lines, and takes the tags away", () => {
    assert.strictEqual(
      htmlText("<p>Agenda:</p><ul><li><b>One</b></li><li>Two</li></ul><div>a</div><div><br></div><div>b</div>c<br/>d"),
      "Agenda:\n• One\n• Two\na\n\nb\nc\nd"
    )
    assert.strictEqual(htmlText("<html-blob>Dial in<br><br><br><br>0123</html-blob>"), "Dial in\n\n0123")
    assert.strictEqual(htmlText("one\r\ntwo  \n three"), "one\ntwo\n three")
  })

  it("decodes entities once, and leaves what is none", () => {
    assert.strictEqual(
      htmlText("AT&amp;T &lt;b&gt;&nbsp;&uuml;&#8364;&#x1F600; &amp;lt; &what; &constructor; R&D;"),
      "AT&T <b> ü€😀 &lt; &what; &constructor; R&D;"
    )
    assert.strictEqual(htmlText("&#0;&#xD800;&#99999999;&#x110000;"), "\u{fffd}\u{fffd}\u{fffd}\u{fffd}")
  })

  it("tells where a link leads, where its text does not", () => {
    assert.strictEqual(
      htmlText(`<a href="https://zoom.us/j/1?a=1&amp;b=2" target="_blank">Join</a> us`),
      "Join (https://zoom.us/j/1?a=1&b=2) us"
    )
    assert.strictEqual(htmlText(`<a href='https://zoom.us/'>zoom.us</a>`), "zoom.us")
    assert.strictEqual(htmlText("<A HREF=mailto:ada@example.com>ada@example.com</A>"), "ada@example.com")
    assert.strictEqual(
      htmlText(`<a href="https://www.google.com/url?q=https://zoom.us/j/1&amp;sa=D">https://zoom.us/j/1</a>`),
      "https://zoom.us/j/1"
    )
    assert.strictEqual(htmlText(`<a href="https://zoom.us"><img src="x"></a>`), "https://zoom.us")
    assert.strictEqual(htmlText(`<a href="javascript:alert(1)">Join</a>`), "Join")
    assert.strictEqual(htmlText(`<a href="https://one">1<a href="https://two">2`), "1 (https://one)2 (https://two)")
  })

  it("leaves text that only looks like a tag", () => {
    for (const text of ["a < b and c > d", "Ada <ada@example.com>", "<https://teams.example/join>", "x<y", "<3"]) {
      assert.strictEqual(htmlText(text), text)
    }
  })

  it("is quick, whatever is in it", () => {
    for (const part of ["<a \"", "<a href=", "<a href='x'>", "<<", "<p ", "&#", " ", " \n", "<!--", "<li>"]) {
      assert.isString(htmlText(part.repeat(20_000)))
    }
  })

  it.prop("is a text that has no tag, of any input", { text: Schema.String }, ({ text }) => {
    for (const hostile of [text, `<p>${text}</p>`, `<a href="${text}">${text}</a>`, `&#${text};`]) {
      assert.isString(htmlText(hostile))
      assert.notMatch(htmlText(hostile.replaceAll("&", "")), /<\/?(?:p|a|br|script)>/)
    }
  })
})
