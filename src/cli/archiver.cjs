const { createRequire } = require('node:module');
// CDKTF brings its own.
module.exports = (...options) => createRequire(require.resolve('cdktf'))('archiver')(...options);
