/** What a client logs in with. The password may contain any character; code that puts it into a URL must encode it. */
export interface Credentials {
  username: string
  password: string
}
