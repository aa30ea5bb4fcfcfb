/** A client's login. The password may contain any character: encode it before you put it into a URL. */
export interface Credentials {
  username: string
  password: string
}
