using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace EnterprisePortal.Local;

/// <summary>The AppHost cannot start here; <see cref="Exception.Message"/> tells the user what to do.</summary>
sealed class StartRefused(string why) : Exception(why);

/// <summary><c>.data/</c>: databases, broker, logs and generated secrets. They stay from run to run; one AppHost at a time uses them.</summary>
sealed class DataFolder(string folder) : IDisposable
{
    // After a kill -9 the reaper still stops PostgreSQL and RabbitMQ, and holds the lock meanwhile.
    static readonly TimeSpan ReaperAtWork = TimeSpan.FromSeconds(20);
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    readonly Lock turn = new();
    FileStream? held;

    public string LockFile => Below("lock");
    string OwnerFile => Below("owner");
    public string Below(params string[] names) => Path.Combine([folder, .. names]);

    /// <summary>The log of this run; the one before stays as <c>name.previous.log</c>.</summary>
    public string NewLog(string name)
    {
        var log = Below("logs", $"{name}.log");
        if (File.Exists(log))
            File.Move(log, Below("logs", $"{name}.previous.log"), overwrite: true);
        return log;
    }

    /// <exception cref="StartRefused">Another AppHost is at work here.</exception>
    public async Task Take(CancellationToken cancel)
    {
        Directory.CreateDirectory(Below("logs"));
        for (var began = Stopwatch.GetTimestamp(); held is null;)
        {
            try
            {
                held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
                await File.WriteAllTextAsync(OwnerFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), cancel);
            }
            catch (IOException) when (Owner() is null && Stopwatch.GetElapsedTime(began) < ReaperAtWork)
            {
                await Task.Delay(100, cancel);
            }
            catch (IOException)
            {
                throw new StartRefused($"""
                    The portal runs here already (process {Owner()} uses {folder}). Stop it first, or give this one a folder and ports
                    of its own: the settings Data, Ports__Portal, Ports__Office, Ports__SignIn and Ports__Dashboard.
                    """);
            }
        }
    }

    int? Owner()
    {
        try
        {
            using var owner = Process.GetProcessById(int.Parse(File.ReadAllText(OwnerFile), CultureInfo.InvariantCulture));
            return owner.Id;
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Made at the first start and kept for the next ones; only this user can read them.</summary>
    public string Secret(string name, int length)
    {
        using var alone = turn.EnterScope();
        var file = Below("parameters.json");
        var secrets = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllBytes(file))! : [];
        if (secrets.TryGetValue(name, out var secret))
            return secret;
        secrets[name] = secret = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, secrets, Readable);
        return secret;
    }

    public void Dispose()
    {
        if (held is null)
            return;
        File.Delete(OwnerFile);
        held.Dispose();
    }
}
