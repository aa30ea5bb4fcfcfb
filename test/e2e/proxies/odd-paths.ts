/**
 * Paths of camgate's in spellings that a proxy and camgate may read differently, for camera 2. Each of them has opened some media server: as encoded
 * slashes and dots, doubled slashes, path parameters, backslashes, absolute addresses, or headers that replace the path.
 */
export const ODD_PATHS: readonly string[] = [
  '/camera/..%2fstatus', '/camera/%2e%2e/status', '/camera/../status', '/camera%2f..%2fstatus', '/health/live/../../status', '/health/live/..%2f..%2fstatus',
  '/health/live/%2e%2e/%2e%2e/camera/2/snapshot', '/.%2e/status', '/..%2f..%2fcamera/2/snapshot',
  '//status', '///status', '/.//status', '/./status', '//camera//2//snapshot', '/camera/2//snapshot/', '//stop/2', '/./stop//2',
  '/%73tatus', '/%2573tatus', '/camera/%32/snapshot', '/camera%2f2%2fsnapshot', '/camera/2%2fsnapshot', '/%63amera/2/snapshot', '/stop%2f2', '/st%6fp/2',
  '/status/', '/status;x=1', '/..;/status', '/status%00', '/status%20', '/status%0d%0a', '/status%3f', '/STATUS', '/Camera/2/Snapshot', '\\status', '/camera\\2\\snapshot',
  '/camera/2/snapshot;.js', '/camera/2/snapshot%3f.css', '/camera/2/snapshot/x.js', '/main.js/../status', '/main.js%2f..%2fstatus', '/favicon.svg/..%2f..%2fcamera%2f2%2fsnapshot',
  '/camgate-allowed', '/camgate-allowed/', '/..%2fcamgate-allowed', '/?/../camera/2/snapshot', '/camera/2/snapshot?x=/health/live', '/camera/2/snapshot#/health/live'
]
