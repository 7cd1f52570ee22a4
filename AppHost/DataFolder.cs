using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Aspire.Hosting.Publishing;
using EnterprisePortal.AppHost.Stores;
using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.AppHost;

/// <summary>The AppHost cannot start here; <see cref="Exception.Message"/> tells the user what to do.</summary>
sealed class StartRefused(string why) : Exception(why);

/// <summary>
/// <c>.data/</c>: databases, broker, logs and generated secrets. They persist from run to run and can only be moved together; one AppHost
/// at a time uses them. Only this user can read the folder.
/// </summary>
sealed class DataFolder : IDisposable
{
    // After a kill -9 of the AppHost, Aspire's monitor stops the remaining processes, which hold the ports until then.
    static readonly TimeSpan TimeToClearUp = TimeSpan.FromSeconds(40);
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    readonly Lock writing = new();
    readonly string folder;
    readonly bool isInDeployment;
    FileStream? held;

    public DataFolder(IDistributedApplicationBuilder builder) => (folder, isInDeployment) =
        (Path.GetFullPath(builder.Configuration["Data"] ?? "../.data", builder.AppHostDirectory), builder.ExecutionContext.IsPublishMode);

    string LockFile => Below("lock");
    string OwnerFile => Below("owner");

    public string Below(params string[] names) => Path.Combine([folder, .. names]);

    /// <summary>A container's volume. New secrets (<c>--reset</c>) mean a new volume, since a store keeps its first password.</summary>
    public string Volume(string store) =>
        isInDeployment ? $"enterprise-portal-{store}" : $"enterprise-portal-{Secret("world", 8).ToLowerInvariant()}-{store}";

    /// <summary>The log of this run; the previous one stays as <c>name.previous.log</c>.</summary>
    public string NewLog(string name)
    {
        var log = Below("logs", $"{name}.log");
        if (File.Exists(log))
            File.Move(log, Below("logs", $"{name}.previous.log"), overwrite: true);
        return log;
    }

    /// <exception cref="StartRefused">Another AppHost is using the folder, or another program has one of the well-known ports.</exception>
    public void Take(IConfiguration settings)
    {
        Create();
        var killed = File.Exists(OwnerFile) && Owner() is null;
        try
        {
            held = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new StartRefused($"""
                The portal runs here already (process {Owner()} uses {folder}). Stop it first, or give this one a folder and ports
                of its own: the settings Data, Ports__Portal, Ports__Office, Ports__SignIn and Ports__Dashboard.
                """);
        }
        File.WriteAllText(OwnerFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        ReservePorts(settings, killed ? TimeToClearUp : TimeSpan.Zero);
    }

    static void ReservePorts(IConfiguration settings, TimeSpan patience)
    {
        // Aspire's tests choose their own ports.
        if (settings.GetValue<bool>("DcpPublisher:RandomizePorts"))
            return;
        var ports = settings.GetSection("Ports").GetChildren().Select(port => (port.Key, Port: int.Parse(port.Value!, null))).ToList();
        for (var began = Stopwatch.GetTimestamp(); ; Thread.Sleep(200))
        {
            var taken = ports.Where(known => !FreePort.Is(known.Port)).ToList();
            if (taken.Count == 0)
                break;
            if (Stopwatch.GetElapsedTime(began) >= patience)
                throw new StartRefused(string.Join('\n', taken.Select(known =>
                    $"Port {known.Port} ({known.Key}) is taken by another program. "
                    + $"Stop that, or choose another port with the setting Ports__{known.Key}.")));
        }
        FreePort.Keep(ports.Select(known => known.Port));
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

    /// <summary>Generated at the first start and kept.</summary>
    public string Secret(string name, int length = 32)
    {
        using var alone = writing.EnterScope();
        var file = Below("parameters.json");
        var secrets = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllBytes(file))! : [];
        if (secrets.TryGetValue(name, out var secret))
            return secret;
        Create();
        secrets[name] = secret = RandomNumberGenerator.GetString(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        JsonSerializer.Serialize(stream, secrets, Readable);
        return secret;
    }

    /// <summary>Deletes the folders of a world that starts over. Secrets stay: the servers know them.</summary>
    public void DeleteAllBut(params string[] names)
    {
        foreach (var old in new DirectoryInfo(folder).EnumerateDirectories().Where(below => !names.Contains(below.Name)))
            old.Delete(recursive: true);
    }

    void Create()
    {
        Directory.CreateDirectory(Below("logs"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        if (held is null)
            return;
        File.Delete(OwnerFile);
        held.Dispose();
    }
}

static class Secrets
{
    /// <summary>Generated once and kept in <c>.data</c>; in a deployment a parameter that is given or generated there.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(
        this IDistributedApplicationBuilder builder, string name, DataFolder data) =>
        builder.AddParameter(name, new KeptSecret(data, name), secret: true);

    sealed class KeptSecret(DataFolder data, string name) : ParameterDefault
    {
        public override string GetDefaultValue() => data.Secret(name);

        public override void WriteToManifest(ManifestPublishingContext context) =>
            new GenerateParameterDefault { MinLength = 32, Special = false }.WriteToManifest(context);
    }
}
