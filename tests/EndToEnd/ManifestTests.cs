using System.Diagnostics;
using EnterprisePortal.Tests.EndToEnd.Support;

namespace EnterprisePortal.Tests.EndToEnd;

public sealed class ManifestTests
{
    [Fact]
    public async Task A_change_of_the_map_is_seen_in_the_manifest_under_review()
    {
        var written = Path.Combine(Directory.CreateTempSubdirectory("enterprise-portal-manifest-").FullName, "manifest.json");
        var start = new ProcessStartInfo(Path.Combine(World.Repository, "deploy", "write-manifest.sh"), [written])
            { WorkingDirectory = World.Repository };
        start.Environment["CONFIGURATION"] = World.Configuration;
        using var writing = Process.Start(start)!;
        await writing.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, writing.ExitCode);
        Assert.Equal(await Lines(Path.Combine(World.Repository, "deploy", "manifest.json")), await Lines(written));
    }

    static Task<string[]> Lines(string file) => File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
}
