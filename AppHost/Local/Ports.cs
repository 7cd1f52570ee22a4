using Microsoft.Extensions.Configuration;

namespace EnterprisePortal.Local;

/// <summary>The ports that people know, from the settings <c>Ports:*</c>.</summary>
static class Ports
{
    /// <summary>Keeps them for those they are meant for.</summary>
    /// <exception cref="StartRefused">Names each port that is taken and the setting that changes it.</exception>
    public static void Reserve(IConfiguration settings)
    {
        var ports = settings.GetSection("Ports").GetChildren().Select(setting => (setting.Key, Port: int.Parse(setting.Value!, null))).ToList();
        var taken = ports.Where(known => !FreePort.Is(known.Port)).ToList();
        if (taken.Count > 0)
            throw new StartRefused(string.Join('\n', taken.Select(known =>
                $"Port {known.Port} ({known.Key}) is taken by another program. Stop that, or choose another port with the setting Ports__{known.Key}.")));
        FreePort.Keep(ports.Select(known => known.Port));
    }
}
