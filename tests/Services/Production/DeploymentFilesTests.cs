using System.Diagnostics;
using System.Text.RegularExpressions;
using EnterprisePortal.Tests.Support;

namespace EnterprisePortal.Tests.Production;

/// <summary>The files in <c>deploy</c>, which nobody can try on a machine without containers, Kubernetes or systemd.</summary>
public partial class DeploymentFilesTests
{
    static readonly string Deploy = Repository.Path("deploy");

    [Fact]
    public async Task They_say_what_the_map_says()
    {
        var written = Directory.CreateTempSubdirectory("enterprise-portal-deploy-").FullName;
        await Run("dotnet", "run", Path.Combine(Deploy, "write-files.cs"), written);

        var files = Directory.EnumerateFiles(written, "*", SearchOption.AllDirectories).ToList();
        Assert.True(files.Count > 20);
        foreach (var file in files)
            Assert.Equal(await Lines(file), await Lines(Path.Combine(Deploy, Path.GetRelativePath(written, file))));
    }

    [Fact]
    public async Task Kustomize_builds_the_example_and_every_setting_in_it_has_a_source()
    {
        SkipWithout("kubectl");
        var copy = Directory.CreateTempSubdirectory("enterprise-portal-kubernetes-").FullName;
        await Run("cp", "-r", Path.Combine(Deploy, "kubernetes", "base"), Path.Combine(Deploy, "kubernetes", "example"), copy);
        File.Copy(Path.Combine(copy, "example", "secrets.env.example"), Path.Combine(copy, "example", "secrets.env"));

        var built = await Run("kubectl", "kustomize", Path.Combine(copy, "example"));

        Assert.Equal(8, Regex.Count(built, "^kind: Deployment", RegexOptions.Multiline));
        Assert.DoesNotContain("image: enterprise-portal/", built, StringComparison.Ordinal);
        foreach (Match source in Source().Matches(built))
            Assert.True(source.Groups["optional"].Success || Given(built, source.Groups["key"].Value), $"Nothing gives {source.Value}");
    }

    [Fact]
    public async Task Systemd_takes_every_unit()
    {
        SkipWithout("systemd-analyze");
        Assert.SkipUnless(File.Exists("/usr/bin/dotnet"), "The units start /usr/bin/dotnet, which is not here.");
        foreach (var unit in Directory.GetFiles(Path.Combine(Deploy, "systemd"), "*.service"))
            Assert.Equal("", await Run("systemd-analyze", "verify", "--man=no", unit));
    }

    static bool Given(string built, string key) => Regex.IsMatch(built, $"^  {Regex.Escape(key)}: ", RegexOptions.Multiline);

    static void SkipWithout(string program) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program))),
        $"{program} is not installed here.");

    static Task<string[]> Lines(string file) => File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);

    static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true
        })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await said}{await complained}");
        return await said;
    }

    // As kustomize writes a reference: optional comes after key and name.
    [GeneratedRegex(
        @"(config|secret)(Map)?KeyRef:\s+key: (?<key>\S+)\s+name: portal(-secrets)?-[a-z0-9]{10}\b(?<optional>\s+optional: true)?")]
    private static partial Regex Source();
}
