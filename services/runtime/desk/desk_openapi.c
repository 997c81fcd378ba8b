/* services/runtime/desk/desk_openapi.c: builds openapi.json, beside this, into the program. */
#include "services/runtime/desk/desk_openapi.h"

/* The file's bytes, from the root of the sources, where the compiler is started. */
__asm__(".pushsection .rodata\n"
	"desk_openapi_text:\n"
	".incbin \"services/runtime/desk/openapi.json\"\n"
	"desk_openapi_end:\n"
	".popsection\n");
extern const uint8_t desk_openapi_text[], desk_openapi_end[];

struct bytes
desk_openapi(void)
{
	return (struct bytes){
	    desk_openapi_text, (size_t)(desk_openapi_end - desk_openapi_text)};
}
