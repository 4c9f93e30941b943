// CDKTF's own copy, loaded when it is first called.
module.exports = (...options) => require('../../node_modules/cdktf/node_modules/archiver')(...options);
