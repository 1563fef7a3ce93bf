// What a person can do something about, in both languages; rules and sentences are those of the server.

export class Refusal extends Error {
  constructor(
    readonly rule: string,
    readonly zh: string,
    readonly en: string,
    readonly field = "",
  ) {
    super(rule); // never more: messages end up in consoles
    this.name = "Refusal";
  }

  text(lang: string): string {
    return lang.startsWith("zh") ? this.zh : this.en;
  }
}
