import { describe, expect, it } from "vitest";
import { callable, callAt, called, mentionsIn, pieces } from "./mention";

const people = [
  { userId: "u1", name: "Miriam Aldenhoff", gone: false, own: true },
  { userId: "u2", name: "Henrik Sandvoß", gone: false, own: false },
  { userId: "u3", name: "Jutta Brehmer", gone: false, own: false },
  { userId: "u4", name: "Jutta Brehmer-Lang", gone: false, own: false },
  { userId: "u5", name: "Hans Alt", gone: true, own: false },
];

describe("calling somebody", () => {
  it("begins with an @ at the start of a word", () => {
    expect(callAt("Frage an @Hen", 13)).toEqual({ start: 9, word: "Hen" });
    expect(callAt("@", 1)).toEqual({ start: 0, word: "" });
    expect(callAt("post@stadt.de", 13)).toBeUndefined();
    expect(callAt("Frage an @Hen und", 4)).toBeUndefined();
    expect(callAt("@Henrik\nund", 11)).toBeUndefined();
  });

  it("offers those whose first or last name begins so, neither oneself nor those who have gone", () => {
    expect(callable(people, "").map((person) => person.userId)).toEqual(["u2", "u3", "u4"]);
    expect(callable(people, "sand").map((person) => person.userId)).toEqual(["u2"]);
    expect(callable(people, "Jutta B").map((person) => person.userId)).toEqual(["u3", "u4"]);
    expect(callable(people, "x")).toEqual([]);
  });

  it("puts the whole name where it was begun", () => {
    expect(called("Frage an @Hen zu Punkt 3", 9, 13, "Henrik Sandvoß")).toEqual({ text: "Frage an @Henrik Sandvoß zu Punkt 3", caret: 25 });
  });

  it("finds who is called by the whole name", () => {
    expect(mentionsIn("@Henrik Sandvoß, reicht das?", people)).toEqual(["u2"]);
    expect(mentionsIn("@Henrik allein ist niemand, @Hans Alt ist gegangen", people)).toEqual([]);
    expect(mentionsIn("mail@Henrik Sandvoß", people), "an @ inside a word is written by somebody who means it").toEqual(["u2"]);
  });

  it("cuts a text into names, tags and the rest, the longer name first", () => {
    expect(pieces("@Jutta Brehmer-Lang: siehe #haushalt-2027.", ["u3", "u4"], people)).toEqual([
      { text: "@Jutta Brehmer-Lang", kind: "call" }, { text: ": siehe ", kind: "plain" }, { text: "#haushalt-2027", kind: "tag" }, { text: ".", kind: "plain" },
    ]);
    expect(pieces("Haus#1 und &#39;", [], people)).toEqual([{ text: "Haus#1 und &#39;", kind: "plain" }]);
  });
});
