import t from 'tap'
import { decoyHash, hashPassword, isPasswordHash, verifyPassword } from '../../src/logins/password.js'
import { passwordHash } from '../passwords.js'

/** The example of passlib's documentation: the password is `password`. */
const PASSLIB = '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E'

t.test('a password hash', async t => {
  t.test('is a PHC string that only its own password matches', async t => {
    const hash = await hashPassword('correct horse')
    t.match(hash, /^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/)
    t.ok(isPasswordHash(hash))
    t.equal(await verifyPassword('correct horse', hash), true)
    t.equal(await verifyPassword('correct horsf', hash), false)
    t.not(await hashPassword('correct horse'), hash, 'each has its own salt')
  })
  t.test('may come from another program', async t => {
    t.equal(await verifyPassword('password', PASSLIB), true)
    t.equal(await verifyPassword('Password', PASSLIB), false)
    t.equal(await verifyPassword('correct horse', passwordHash), true)
  })
  t.test('does not depend on how the keyboard composes a letter', async t => {
    const composed = '\u00e9t\u00e9'
    t.equal(await verifyPassword(composed.normalize('NFD'), await hashPassword(composed)), true)
  })
  t.test('takes any text as the password', async t => {
    for (const password of ['', ' ', '\ud800', 'a'.repeat(20_000), '\u{1f511}']) t.equal(await verifyPassword(password, passwordHash), false)
  })
})

t.test('is refused', async t => {
  for (const [text, why] of [
    ['', 'nothing'],
    ['correct horse', 'the password itself'],
    ['$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW', 'bcrypt'],
    [PASSLIB.replace('scrypt', 'argon2id'), 'another kind'],
    [PASSLIB.replace('ln=16', 'ln=18'), 'a quarter of a gigabyte'],
    [PASSLIB.replace('ln=16', 'ln=31'), 'two terabytes'],
    [PASSLIB.replace('ln=16', 'ln=99'), 'more than there is'],
    [PASSLIB.replace('r=8', 'r=99'), 'too much memory by r'],
    [PASSLIB.replace('p=1', 'p=99'), 'too much time by p'],
    [PASSLIB.replace('r=8', 'r=0'), 'no blocks'],
    [PASSLIB.replace('p=1', 'p=0'), 'no passes'],
    [PASSLIB.replace('ln=16', 'ln=4'), 'hardly any work'],
    [PASSLIB.replace(/\$[^$]*$/, '$'), 'no hash, which every password would match'],
    [PASSLIB.replace(/\$[^$]*$/, '$AAAA'), 'a hash so short that guesses would match'],
    [`${PASSLIB}=`, 'padding'],
    [`${PASSLIB}\n`, 'a line break'],
    [PASSLIB.slice(1), 'without the first sign']
  ] as const) t.equal(isPasswordHash(text), false, why)
  await t.rejects(verifyPassword('password', 'password'), TypeError)
})

t.test('a decoy', async t => {
  t.match(decoyHash(), /^\$scrypt\$ln=15,r=8,p=3\$/)
  t.match(decoyHash(passwordHash), /^\$scrypt\$ln=10,r=1,p=1\$/, 'costs what the others cost')
  t.ok(isPasswordHash(decoyHash()))
  t.equal(await verifyPassword('correct horse', decoyHash(passwordHash)), false)
})
