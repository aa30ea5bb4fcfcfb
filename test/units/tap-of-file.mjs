// Evaluated anew for each test file (test/units/tap-hook.mjs): the test that stands for the file that is being imported.
export default globalThis[Symbol.for('camgate.test')]
