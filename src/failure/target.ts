/** What a sentence may say about the camera that was asked: its place in the network, if it has one, and whether we have credentials for it. */
export interface Target {
  readonly place?: { readonly host: string, readonly port: number, readonly path: string }
  readonly hasCredentials: boolean
}

/** For sentences that name nothing. */
export const unnamed: Target = { hasCredentials: true }

/** As in "Nothing answers at …". */
export const portOf = ({ place }: Target): string => place ? `${place.host}, port ${place.port}` : 'this address and port'
/** As in "The camera knows no stream at …". */
export const pathOf = ({ place }: Target): string => place?.path ?? 'this path'
