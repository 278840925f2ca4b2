/* manifest.c - fuzz target: every ecosystem reads the input as each kind of manifest there is. */
#include "ecosystem/ecosystem.h"
#include "support/fake_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const char *const paths[] = {
    "package/package.json",
    "package/package-lock.json",
    "package/.npmrc",
    "package/binding.gyp",
    "a-1/setup.py",
    "a-1/setup.cfg",
    "a-1/pyproject.toml",
    "a-1/PKG-INFO",
    "a.pth",
    "a-1.dist-info/METADATA",
    "a-1.dist-info/entry_points.txt",
    "a-1.dist-info/RECORD",
    "requirements.txt",
    ".vscode/tasks.json",
    ".vscode/settings.json",
    ".vscode/launch.json",
    ".github/workflows/a.yml",
    "action.yml",
    ".git/config",
    ".git/hooks/pre-commit",
    ".husky/pre-commit",
    "CLAUDE.md",
    ".mcp.json",
    ".claude/settings.json",
    ".cursorrules",
    ".env",
    "a.gemspec",
    "metadata",
    "Cargo.toml",
    "build.rs",
    "composer.json",
    "pom.xml",
    "META-INF/MANIFEST.MF",
    "build.gradle",
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    size_t count = 0;
    const RtEcosystem *const *ecosystems = rt_ecosystems(&count);
    for (size_t i = 0; i < RT_COUNT(paths); i++) {
        FAKE_SINK fake = fake_sink_open(rt_str_from_c(paths[i]), (RtStr){ bytes, len });
        for (size_t j = 0; j < count; j++) {
            RtLayer layer = fake->layers[1];
            if (ecosystems[j]->claims(layer.name))
                ecosystems[j]->manifest(&layer, 1, &fake->sink);
        }
        for (size_t at = 1; at < fake->fact_count;
             at++) /* arguments must be readable to their end */
            for (size_t arg = 0; arg < RT_COUNT(fake->facts[at].args); arg++)
                (void)rt_str_hash(fake->facts[at].args[arg]);
    }
    return 0;
}
