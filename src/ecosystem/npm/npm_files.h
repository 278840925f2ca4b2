/* npm_files.h - the files beside package.json that run something: binding.gyp and the clients'
 * settings. */
#ifndef RT_ECOSYSTEM_NPM_NPM_FILES_H
#define RT_ECOSYSTEM_NPM_NPM_FILES_H

#include "ecosystem/manifest.h"

/* Commands that gyp runs while it configures: `<!(…)`, `<!@(…)`, `>!(…)`, and the actions of a
 * build. The idioms that ask where headers are (node-addon-api, nan, pkg-config, node -p of a
 * require) give no fact. */
void rt_npm_read_gyp(RtManifest *manifest);

/* .npmrc, .yarnrc, .yarnrc.yml, .pnpmfile.cjs, bunfig.toml: keys that run code or move the
 * registry. */
void rt_npm_read_config(RtManifest *manifest, RtStr file_name);

#endif
