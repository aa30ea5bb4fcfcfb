/** A hash of `correct horse` that costs little to check. */
export const passwordHash = '$scrypt$ln=10,r=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$Tf2v/O+XNjurweDC74rfrJVPMpklmBsABP0EWP2pIbA'

/** The value of an Authorization header (RFC 7617). */
export const basicAuth = (name: string, password: string): string => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
