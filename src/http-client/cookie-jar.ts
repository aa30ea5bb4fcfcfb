/** A camera needs one or two. */
const MOST_COOKIES = 16
const LONGEST_COOKIE = 1_024

/**
 * The cookies that one camera sets while it is read once: there are cameras that send to the same address again until they get theirs
 * (homebridge-plugins/homebridge-camera-ffmpeg issue 60). Redirects stay on its host, so attributes such as Domain and Path change nothing.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>()

  /** Values of Set-Cookie. */
  take (values: readonly string[]): void {
    for (const value of values) {
      const [, name, content] = /^\s*([!#$%&'*+.^`|~\w-]+)=([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")\s*(?:;|$)/.exec(value) ?? []
      if (name === undefined || content === undefined || name.length + content.length > LONGEST_COOKIE) continue
      if (/;\s*max-age\s*=\s*(?:0|-)/i.test(value)) this.#cookies.delete(name)
      else if (this.#cookies.has(name) || this.#cookies.size < MOST_COOKIES) this.#cookies.set(name, content)
    }
  }

  /** The Cookie header; undefined when there are none. */
  get header (): string | undefined {
    return this.#cookies.size === 0 ? undefined : [...this.#cookies].map(([name, content]) => `${name}=${content}`).join('; ')
  }
}
