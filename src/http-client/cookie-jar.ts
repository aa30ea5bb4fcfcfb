/** A camera needs one or two. */
const MAX_COOKIES = 16
const MAX_COOKIE_CHARS = 1_024

/**
 * One camera's cookies during one attempt. Some cameras redirect to the same address until they get their cookie back
 * (homebridge-plugins/homebridge-camera-ffmpeg issue 60). Redirects stay on the host, so attributes such as Domain and Path are ignored.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  /** Stores the values of Set-Cookie. */
  take (values: readonly string[]): void {
    for (const value of values) {
      const [, name, content] = /^\s*([!#$%&'*+.^`|~\w-]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")\s*(?:;|$)/.exec(value) ?? []
      if (name === undefined || content === undefined || name.length + content.length > MAX_COOKIE_CHARS) continue
      if (/;\s*max-age\s*=\s*(?:0|-)/i.test(value)) this.#cookies.delete(name)
      else if (this.#cookies.has(name) || this.#cookies.size < MAX_COOKIES) this.#cookies.set(name, content)
    }
  }

  /** The Cookie header; undefined without cookies. */
  get header (): string | undefined {
    return this.#cookies.size === 0 ? undefined : [...this.#cookies].map(([name, content]) => `${name}=${content}`).join('; ')
  }
}
