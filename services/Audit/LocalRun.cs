using System.Text.Json;

namespace EnterprisePortal.Audit;

/// <summary>
/// Beside a running <c>./run.sh</c> the commands need no settings: the AppHost's folder <c>.data</c> has them. Only a user who may read it
/// anyway can use this.
/// </summary>
static class LocalRun
{
    public static IEnumerable<KeyValuePair<string, string?>> Settings()
    {
        if (DataFolder() is not { } data)
            return [];
        var secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(data, "parameters.json")))!;
        // postmaster.pid: process id, data directory, start time, port, …
        var port = File.ReadLines(Path.Combine(data, "postgres", "data", "postmaster.pid")).ElementAt(3);
        return
        [
            new("ConnectionStrings:audit",
                $"Host=127.0.0.1;Port={port};Username=portal;Password={secrets["postgres-password"]};Database=audit"),
            new("Audit:SigningKey", secrets["audit-signing-key"]),
            new("Audit:HeadsFolder", Path.Combine(data, "audit-heads")),
            new("Audit:ArchiveFolder", Path.Combine(data, "audit-archive"))
        ];
    }

    static string? DataFolder()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, ".data", "postgres", "data", "postmaster.pid")))
                return Path.Combine(folder.FullName, ".data");
        return null;
    }
}
